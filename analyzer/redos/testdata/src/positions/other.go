package positions

const other = "^" + tail

const tail = `(?:x+x+)+y` // want "exponential time in regexp2 v1"
