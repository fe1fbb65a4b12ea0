"""The course in the formats that institutions' learning platforms take: SCORM 1.2, and QTI 2.1 for the questions alone."""
