"""The committee's forms, each filled from the card's own facts and from what people wrote."""
