"""What the county measures about children and homes, each feature declared once and named in plain English."""
