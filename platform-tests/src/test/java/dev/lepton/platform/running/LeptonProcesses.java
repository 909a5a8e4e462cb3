package dev.lepton.platform.running;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes that carry a platform's folder in their environment, which every unit and its
 * children do.
 */
public final class LeptonProcesses {

    private LeptonProcesses() {}

    public static List<Long> of(Path home) {
        return withEnvironment(List.of("LEPTON_HOME=" + home));
    }

    /** The processes of one unit of a platform. */
    public static List<Long> ofUnit(Path home, String unit) {
        return withEnvironment(List.of("LEPTON_HOME=" + home, "LEPTON_UNIT_ID=" + unit));
    }

    private static List<Long> withEnvironment(List<String> variables) {
        List<Long> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .forEach(process -> {
                    try {
                        Path environment =
                                Path.of("/proc", Long.toString(process.pid()), "environ");
                        List<String> all =
                                List.of(
                                        Files.readString(environment, StandardCharsets.ISO_8859_1)
                                                .split("\0"));
                        if (all.containsAll(variables)) {
                            found.add(process.pid());
                        }
                    } catch (IOException e) {
                        // Ended meanwhile, or not ours to read, and then not ours at all.
                        return;
                    }
                });
        return found;
    }
}
