# Says which characters below a bound one-character patterns match: flags and
# hexadecimal UTF-8 parted by a tab in; ranges out, in hexadecimal.
$VERBOSE = nil
bound = ARGV[0].to_i
letters = { "i" => Regexp::IGNORECASE, "m" => Regexp::MULTILINE, "x" => Regexp::EXTENDED }
STDIN.each_line do |line|
  flags, text = line.chomp.split("\t", -1)
  options = flags.each_char.sum { |c| letters.fetch(c, 0) }
  re = Regexp.new("\\A(?:" + [text].pack("H*").force_encoding("UTF-8") + ")\\z", options)
  out = []
  low = -1
  (0..bound).each do |c|
    hit = c < bound && !(0xD800..0xDFFF).cover?(c) && re.match?([c].pack("U"))
    low = c if hit && low < 0
    if !hit && low >= 0
      out << format("%x-%x", low, c - 1)
      low = -1
    end
  end
  puts out.join(" ")
end
