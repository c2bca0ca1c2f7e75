"""The gateways: milter, SMTP proxy and HTTP in front of the same gate, with held mail, notices and emergency bypass."""
