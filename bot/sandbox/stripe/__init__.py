"""The sandbox's Stripe: lists the shop's payments as Stripe would, and limits requests as Stripe does."""
