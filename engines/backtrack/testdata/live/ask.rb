# Answers one line for each pattern: "!" when it is refused, else the captures
# in each subject, "-" for no match, between semicolons. Subjects are ASCII: the
# offsets are of characters.
require "json"

$VERBOSE = nil
subjects = JSON.parse(STDIN.gets)
letters = { "i" => Regexp::IGNORECASE, "m" => Regexp::MULTILINE, "x" => Regexp::EXTENDED }
STDIN.each_line do |line|
  q = JSON.parse(line)
  options = q["flags"].each_char.sum { |c| letters.fetch(c, 0) }
  begin
    re = Regexp.new(q["text"], options)
    re = Regexp.new("\\A(?:" + q["text"] + ")", options) if q["mode"] == "match"
    re = Regexp.new("\\A(?:" + q["text"] + ")\\z", options) if q["mode"] == "full"
  rescue RegexpError => e
    puts "!" + e.message.lines.first.chomp
    next
  end
  puts subjects.map { |s|
    m = re.match(s)
    m ? (0...m.size).map { |k| m.begin(k) ? "#{m.begin(k)} #{m.end(k)}" : "-1 -1" }.join(" ") : "-"
  }.join(";")
end
