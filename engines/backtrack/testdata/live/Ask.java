import java.nio.charset.StandardCharsets;
import java.io.*;
import java.util.*;
import java.util.regex.*;

/**
 * Answers one line for each pattern: "!" when it is refused, else the captures
 * in each subject, "-" for no match, between semicolons. Lines hold text in
 * hexadecimal: the subjects, then mode, flags and pattern.
 */
public class Ask {
    static String text(String hex) {
        byte[] b = new byte[hex.length() / 2];
        for (int i = 0; i < b.length; i++) b[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        return new String(b, StandardCharsets.UTF_8);
    }

    static String answer(String[] q, String[] subjects) {
        int flags = 0;
        for (char c : q[1].toCharArray()) {
            flags |= c == 'i' ? Pattern.CASE_INSENSITIVE : c == 'm' ? Pattern.MULTILINE : c == 's' ? Pattern.DOTALL : c == 'x' ? Pattern.COMMENTS : c == 'u' ? Pattern.UNICODE_CASE : 0;
        }
        Pattern p;
        try {
            p = Pattern.compile(text(q[2]), flags);
        } catch (RuntimeException e) {
            return "!" + e.getMessage().split("\n")[0];
        }
        StringJoiner all = new StringJoiner(";");
        for (String s : subjects) {
            Matcher m = p.matcher(s);
            boolean ok = q[0].equals("match") ? m.lookingAt() : q[0].equals("full") ? m.matches() : m.find();
            StringJoiner one = new StringJoiner(" ");
            if (!ok) one.add("-");
            for (int k = 0; ok && k <= m.groupCount(); k++) one.add(m.start(k) + " " + m.end(k));
            all.add(one.toString());
        }
        return all.toString();
    }

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out), false, "UTF-8");
        String[] subjects = in.readLine().split(",", -1);
        for (int i = 0; i < subjects.length; i++) subjects[i] = text(subjects[i]);
        for (String line; (line = in.readLine()) != null; ) out.println(answer(line.split(",", -1), subjects));
        out.flush();
    }
}
