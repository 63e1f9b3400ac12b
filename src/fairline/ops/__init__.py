"""Operations: the tables every stage reports to."""
