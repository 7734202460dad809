"""What is known about a child on 1 October of its first year in the study, and what is only audited."""
