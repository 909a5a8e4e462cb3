package dev.lepton.cli.running;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells processes that have ended but are still listed, because their parent does not ask. */
final class Zombies {

    private Zombies() {}

    static boolean isOne(long pid) {
        try {
            String stat =
                    Files.readString(
                            Path.of("/proc", Long.toString(pid), "stat"),
                            StandardCharsets.ISO_8859_1);
            // The name before the state is in brackets and may itself hold any character.
            int state = stat.lastIndexOf(')') + 2;
            return state > 1 && state < stat.length() && stat.charAt(state) == 'Z';
        } catch (IOException e) {
            // No such process, or no /proc: whoever asks knows from elsewhere whether it lives.
            return false;
        }
    }
}
