# Answers one line for each pattern: "!" when it is refused, else the captures
# in each subject, "-" for no match, between semicolons. Subjects are ASCII: the
# offsets are of characters. Some loops never end in Onigmo, and cannot be
# interrupted: a child does the work, and what it is stuck at for some seconds
# is answered with "?" for every subject.
require "json"

$VERBOSE = nil
LETTERS = { "i" => Regexp::IGNORECASE, "m" => Regexp::MULTILINE, "x" => Regexp::EXTENDED }
PATIENCE = 3 # seconds

def answer(question, subjects)
  q = JSON.parse(question)
  options = q["flags"].each_char.sum { |c| LETTERS.fetch(c, 0) }
  begin
    re = Regexp.new(q["text"], options)
    re = Regexp.new("\\A(?:" + q["text"] + ")", options) if q["mode"] == "match"
    re = Regexp.new("\\A(?:" + q["text"] + ")\\z", options) if q["mode"] == "full"
  rescue RegexpError => e
    return "!" + e.message.lines.first.chomp
  end
  subjects.map { |s|
    m = re.match(s)
    m ? (0...m.size).map { |k| m.begin(k) ? "#{m.begin(k)} #{m.end(k)}" : "-1 -1" }.join(" ") : "-"
  }.join(";")
end

subjects = JSON.parse(STDIN.gets)
questions = STDIN.readlines
done = 0
while done < questions.size
  from, to = IO.pipe
  child = fork do
    from.close
    to.sync = true
    questions[done..].each { |q| to.puts answer(q, subjects) }
  end
  to.close
  while IO.select([from], nil, nil, PATIENCE)
    line = from.gets or break
    puts line
    done += 1
  end
  Process.kill(:KILL, child)
  Process.wait(child)
  from.close
  next if done == questions.size
  puts (["?"] * subjects.size).join(";")
  done += 1
end
