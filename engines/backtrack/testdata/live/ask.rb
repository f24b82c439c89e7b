# Answers one line for each pattern: "!" when it is refused, else the captures
# in each subject, "-" for no match, between semicolons. Subjects are ASCII: the
# offsets are of characters.
# "?" is the answer where a match took seconds.
require "json"

class TooLong < StandardError; end

# Onigmo looks for interrupts while it matches: a thread interrupts what did not
# move on for two seconds.
$at = 0
main = Thread.current
Thread.new do
  last = -1
  loop do
    sleep 2
    main.raise(TooLong) if $at == last
    last = $at
  end
end

def apply(re, subject)
  $at += 1
  Thread.handle_interrupt(TooLong => :immediate) do
    m = re.match(subject)
    m ? (0...m.size).map { |k| m.begin(k) ? "#{m.begin(k)} #{m.end(k)}" : "-1 -1" }.join(" ") : "-"
  end
rescue TooLong
  "?"
end

$VERBOSE = nil
subjects = JSON.parse(STDIN.gets)
letters = { "i" => Regexp::IGNORECASE, "m" => Regexp::MULTILINE, "x" => Regexp::EXTENDED }
Thread.handle_interrupt(TooLong => :never) do
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
    puts subjects.map { |s| apply(re, s) }.join(";")
  end
end
