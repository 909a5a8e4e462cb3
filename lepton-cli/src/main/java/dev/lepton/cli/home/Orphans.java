package dev.lepton.cli.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The processes of a platform's units, known by their environment. Needs {@code /proc}; where there
 * is none, no process is found.
 */
public final class Orphans {

    private Orphans() {}

    public static List<ProcessHandle> of(Home home) {
        String mark = "\0LEPTON_HOME=" + home.folder() + "\0";
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> {
                    String environment = environment(process.pid());
                    return environment.contains(mark) && environment.contains("\0LEPTON_START_ID=");
                })
                .toList();
    }

    private static String environment(long pid) {
        try {
            return "\0"
                    + Files.readString(
                            Path.of("/proc", Long.toString(pid), "environ"),
                            StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Ended meanwhile, or another user's, which is no unit of ours.
            return "";
        }
    }
}
