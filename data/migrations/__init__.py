"""The steps that bring a database to the tables of `data.models`; `data.migrate` runs them."""
