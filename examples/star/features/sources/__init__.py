"""The three tables of the project, one file each."""
