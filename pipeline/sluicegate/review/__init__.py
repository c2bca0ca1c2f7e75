"""What people and the law ask for afterwards: the audit record, stored verdicts, decisions and the licence register."""
