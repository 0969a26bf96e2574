"""What is known of a server at work: its log and its figures."""
