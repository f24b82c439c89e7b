# Compiles patterns: one a line on standard input, flags and hexadecimal UTF-8
# parted by a tab; answers "ok" or why not.
$VERBOSE = nil
letters = { "i" => Regexp::IGNORECASE, "m" => Regexp::MULTILINE, "x" => Regexp::EXTENDED }
STDIN.each_line do |line|
  flags, text = line.chomp.split("\t", -1)
  options = flags.each_char.sum { |c| letters.fetch(c, 0) }
  begin
    Regexp.new([text].pack("H*").force_encoding("UTF-8"), options)
    puts "ok"
  rescue StandardError => fault
    puts "no " + fault.message.gsub("\n", " ")
  end
end
