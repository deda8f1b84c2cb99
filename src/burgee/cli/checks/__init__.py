"""What ``burgee doctor`` looks at: functions that yield findings and change nothing."""
