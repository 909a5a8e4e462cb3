package dev.lepton.platform.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Machines beside this one: network namespaces of this kernel, joined with it by a bridge. What is
 * made has the pid of its maker in its name, so that the next maker removes what a killed one left.
 */
public final class Machines implements AutoCloseable {

    private static final Pattern MADE = Pattern.compile("\\blep(\\d+)-[0-9a-f]{2}[a-z]\\b");

    /** For tests of networks, RFC 2544: no other network is reached by these addresses. */
    private static final String NETWORK = "198.18.%d.";

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final String prefix;
    private final String bridge;
    private final String network;
    private final List<Machine> machines = new ArrayList<>();

    /** Skips the test outside of the profile full, and fails it there without root on Linux. */
    public static void areRequired() {
        assumeTrue(
                Boolean.getBoolean("lepton.full"),
                "makes network namespaces, which takes root on Linux, and runs two minutes in them: runs with -Pfull");
        assertThat(exitCode("ip", "netns", "list"))
                .as("exit code of 'ip netns list': the profile full needs iproute2")
                .isZero();
        assertThat(exitCode("nsenter", "--net=/proc/self/ns/net", "true"))
                .as("exit code of 'nsenter': the profile full needs root on Linux, and util-linux")
                .isZero();
    }

    public Machines() {
        removeWhatDeadOnesLeft();
        prefix = freePrefix();
        bridge = prefix + "x";
        network = freeNetwork();
        run("ip", "link", "add", bridge, "type", "bridge");
        run("ip", "address", "add", address() + "/24", "dev", bridge);
        run("ip", "link", "set", bridge, "up");
    }

    private static String freePrefix() {
        String taken = run("ip", "-brief", "link");
        while (true) {
            String prefix =
                    "lep%d-%02x"
                            .formatted(
                                    ProcessHandle.current().pid(),
                                    ThreadLocalRandom.current().nextInt(256));
            if (!taken.contains(prefix)) {
                return prefix;
            }
        }
    }

    private static String freeNetwork() {
        String taken = run("ip", "-4", "address");
        while (true) {
            String network = NETWORK.formatted(ThreadLocalRandom.current().nextInt(256));
            if (!taken.contains(" " + network)) {
                return network;
            }
        }
    }

    /** Where the others reach this machine. */
    public String address() {
        return network + "1";
    }

    /** One more machine, on the same network. */
    public Machine add() {
        int index = machines.size();
        Machine machine = new Machine(prefix + (char) ('a' + index), network + (index + 2));
        machines.add(machine);
        machine.make(bridge);
        return machine;
    }

    @Override
    public void close() {
        machines.forEach(Machine::remove);
        run("ip", "link", "delete", bridge);
    }

    private static void removeWhatDeadOnesLeft() {
        stale(run("ip", "netns", "list")).forEach(name -> exitCode("ip", "netns", "delete", name));
        stale(run("ip", "-brief", "link")).forEach(name -> exitCode("ip", "link", "delete", name));
    }

    private static List<String> stale(String listed) {
        Matcher made = MADE.matcher(listed);
        List<String> names = new ArrayList<>();
        while (made.find()) {
            if (ProcessHandle.of(Long.parseLong(made.group(1))).isEmpty()) {
                names.add(made.group());
            }
        }
        return names;
    }

    static String run(String... words) {
        Command.Outcome ended = end(words);
        if (ended.exitCode() != 0) {
            throw new IllegalStateException(
                    "'%s' ended with %d: %s"
                            .formatted(String.join(" ", words), ended.exitCode(), ended.output()));
        }
        return ended.output();
    }

    private static int exitCode(String... words) {
        return end(words).exitCode();
    }

    private static Command.Outcome end(String... words) {
        return Command.run(Path.of("/"), Map.of(), LIMIT, List.of(words));
    }
}
