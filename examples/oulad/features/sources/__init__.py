"""The five tables of the Open University, one file each."""
