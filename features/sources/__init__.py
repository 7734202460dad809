"""What partners send, one file a partner or service; partners' agreement numbers here are invented."""
