package dev.lepton.platform.running;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

    /**
     * The starts of each unit of a platform of which a process lives, at one moment: the end of the
     * first of two looks, both of which found the process.
     */
    public static Map<String, Set<String>> starts(Path home) {
        String mine = "LEPTON_HOME=" + home;
        Map<String, Set<String>> starts = new TreeMap<>();
        for (long pid : withEnvironment(List.of(mine))) {
            List<String> all = environment(pid);
            if (all.contains(mine)) {
                starts.computeIfAbsent(value(all, "LEPTON_UNIT_ID="), _ -> new TreeSet<>())
                        .add(value(all, "LEPTON_START_ID="));
            }
        }
        return starts;
    }

    private static String value(List<String> environment, String name) {
        return environment.stream()
                .filter(variable -> variable.startsWith(name))
                .map(variable -> variable.substring(name.length()))
                .findFirst()
                .orElse("");
    }

    private static List<Long> withEnvironment(List<String> variables) {
        List<Long> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .forEach(process -> {
                    if (environment(process.pid()).containsAll(variables)) {
                        found.add(process.pid());
                    }
                });
        return found;
    }

    /** The variables of a process; none when it has ended meanwhile, or is not ours to read. */
    private static List<String> environment(long pid) {
        try {
            Path environment = Path.of("/proc", Long.toString(pid), "environ");
            return List.of(Files.readString(environment, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }
}
