"""The migrations, in their order. What was released is never changed, only added to."""
