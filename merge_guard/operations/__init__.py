"""What writes into a work tree: each operation judges first, and says what it did."""
