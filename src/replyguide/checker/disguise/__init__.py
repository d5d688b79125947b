"""What hides words is undone before rules look: pinyin, homophones, halves of characters, scattered numbers."""
