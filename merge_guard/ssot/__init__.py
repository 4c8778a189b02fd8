"""What must exist once: which classes a tree has, which import paths lead to each, and which are copies of others."""
