"""WeCom (企业微信): a self-built app behind the port. What is known of the platform is said where it is used."""
