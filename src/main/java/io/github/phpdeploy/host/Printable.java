package io.github.phpdeploy.host;

/** Makes text that came from a host, a file or a server fit for a terminal and a log. */
public final class Printable {

    private Printable() {}

    /**
     * One line without terminal escapes: control and format characters (also C1 and bidirectional overrides) are
     * dropped, line breaks and tabs become a space.
     *
     * @param text any text
     * @return a printable line
     */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\t' || Character.getType(c) == Character.LINE_SEPARATOR) {
                line.append(' ');
            } else if (!Character.isISOControl(c) && Character.getType(c) != Character.FORMAT) {
                line.appendCodePoint(c);
            }
        });
        return line.toString().strip();
    }
}
