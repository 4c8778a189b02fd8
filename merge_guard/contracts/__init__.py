"""Whether a tree keeps the contracts that a deploy states: symbols, routes, isolation."""
