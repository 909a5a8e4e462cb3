package dev.lepton.platform.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What others took from this machine: the processor time that the host stole, and how long tasks
 * waited for a processor. Both are Linux's; elsewhere they read as zero.
 *
 * @param stealTicks of 10 ms, of all processors together, since the machine started
 * @param waitedMicros that at least one task waited, since the machine started
 */
public record MachinePressure(long stealTicks, long waitedMicros) {

    private static final int STEAL = 8;

    public static MachinePressure now() {
        return new MachinePressure(steal(), waited());
    }

    private static long steal() {
        return lines("/proc/stat").stream()
                .filter(line -> line.startsWith("cpu "))
                .map(line -> line.split(" +"))
                .filter(fields -> fields.length > STEAL)
                .mapToLong(fields -> Long.parseLong(fields[STEAL]))
                .findFirst()
                .orElse(0);
    }

    private static long waited() {
        return lines("/proc/pressure/cpu").stream()
                .filter(line -> line.startsWith("some "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf("total=") + 6)))
                .findFirst()
                .orElse(0);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            // No such file on this system, or switched off in this kernel.
            return List.of();
        }
    }

    public String since(MachinePressure before) {
        return "stolen %d ms, tasks waited %d ms"
                .formatted(
                        (stealTicks - before.stealTicks) * 10,
                        (waitedMicros - before.waitedMicros) / 1000);
    }
}
