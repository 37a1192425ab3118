"""What is kept: athletes, their recordings and sets, and the jobs of the web app.

SQLite by default, a file in the user's data folder; PostgreSQL where a URL says so.
"""
