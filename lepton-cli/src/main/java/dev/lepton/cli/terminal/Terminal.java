package dev.lepton.cli.terminal;

import java.io.PrintStream;

/**
 * Where a command's results and its talk go: results to {@code out}, for people and scripts;
 * progress and errors to {@code err}.
 */
public record Terminal(PrintStream out, PrintStream err) {

    public void print(String line) {
        out.println(line);
        out.flush();
    }

    public void progress(String line) {
        err.println(printable(line));
        err.flush();
    }

    /** One line, whatever the message holds. */
    public void error(String message) {
        progress("lepton: " + message.strip().replaceAll("\\s*\\R\\s*", "; "));
    }

    /** The text without what could steer a terminal. */
    public static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) && c != '\t' ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
