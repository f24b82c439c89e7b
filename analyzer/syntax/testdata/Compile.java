import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Compiles patterns: one a line, flags and hexadecimal UTF-8 parted by a tab; answers "ok" or why not. */
public class Compile {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1));
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out), false, "UTF-8");
        for (String line; (line = in.readLine()) != null; ) {
            int tab = line.indexOf('\t');
            String hex = line.substring(tab + 1);
            byte[] bytes = new byte[hex.length() / 2];
            for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
            int flags = 0;
            for (char c : line.substring(0, tab).toCharArray()) {
                if (c == 'i') flags |= Pattern.CASE_INSENSITIVE;
                if (c == 'm') flags |= Pattern.MULTILINE;
                if (c == 's') flags |= Pattern.DOTALL;
                if (c == 'x') flags |= Pattern.COMMENTS;
                if (c == 'u') flags |= Pattern.UNICODE_CASE;
                if (c == 'U') flags |= Pattern.UNICODE_CHARACTER_CLASS;
                if (c == 'd') flags |= Pattern.UNIX_LINES;
            }
            try {
                Pattern.compile(new String(bytes, StandardCharsets.UTF_8), flags);
                out.println("ok");
            } catch (Throwable fault) {
                out.println("no " + String.valueOf(fault.getMessage()).replace("\n", " "));
            }
        }
        out.flush();
    }
}
