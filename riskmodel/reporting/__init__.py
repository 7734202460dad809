"""What a committee reads: the model card, its charts, and the disclosure control that both pass through."""
