import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.regex.*;

/** Says which characters below a bound one-character patterns match; ranges in hexadecimal. */
public class Members {
    public static void main(String[] args) throws IOException {
        int bound = Integer.parseInt(args[0]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1));
        StringBuilder out = new StringBuilder();
        for (String line; (line = in.readLine()) != null; ) {
            int tab = line.indexOf('\t');
            String hex = line.substring(tab + 1);
            byte[] bytes = new byte[hex.length() / 2];
            for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
            int flags = 0;
            for (char c : line.substring(0, tab).toCharArray()) {
                if (c == 'i') flags |= Pattern.CASE_INSENSITIVE;
                if (c == 's') flags |= Pattern.DOTALL;
                if (c == 'u') flags |= Pattern.UNICODE_CASE;
                if (c == 'U') flags |= Pattern.UNICODE_CHARACTER_CLASS;
                if (c == 'd') flags |= Pattern.UNIX_LINES;
            }
            Matcher m = Pattern.compile(new String(bytes, StandardCharsets.UTF_8), flags).matcher("");
            int low = -1;
            for (int c = 0; c <= bound; c++) {
                boolean hit = c < bound && !(c >= 0xD800 && c <= 0xDFFF) && m.reset(new String(Character.toChars(c))).matches();
                if (hit && low < 0) low = c;
                if (!hit && low >= 0) {
                    out.append(Integer.toHexString(low)).append('-').append(Integer.toHexString(c - 1)).append(' ');
                    low = -1;
                }
            }
            out.append('\n');
        }
        System.out.print(out);
    }
}
