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
        String mark = "LEPTON_HOME=" + home + "\0";
        List<Long> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .forEach(process -> {
                    try {
                        Path environment =
                                Path.of("/proc", Long.toString(process.pid()), "environ");
                        if (Files.readString(environment, StandardCharsets.ISO_8859_1)
                                .contains(mark)) {
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
