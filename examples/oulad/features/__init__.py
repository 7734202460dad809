"""What is known about a registration on day 60, and the characteristics that are only audited."""
