package dev.lepton.platform.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A cgroup of this machine whose processes may use so much memory in all. */
final class MemoryLimit implements AutoCloseable {

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Path OWN_HIERARCHY = CGROUPS.resolve("memory");
    private static final String NAME = "lepton-test-" + ProcessHandle.current().pid();

    private final Path group;

    private MemoryLimit(Path group) {
        this.group = group;
    }

    /** Whether this user can make such a group here. */
    static boolean isPossible() {
        return Files.isWritable(OWN_HIERARCHY.resolve("cgroup.procs"))
                || Files.isWritable(CGROUPS.resolve("cgroup.procs")) && unifiedLimitsMemory();
    }

    private static boolean unifiedLimitsMemory() {
        try {
            return Files.readString(CGROUPS.resolve("cgroup.subtree_control")).contains("memory");
        } catch (IOException e) {
            // No such hierarchy here.
            return false;
        }
    }

    static MemoryLimit of(long bytes) throws IOException {
        boolean own = Files.isDirectory(OWN_HIERARCHY);
        Path group = (own ? OWN_HIERARCHY : CGROUPS).resolve(NAME);
        Files.createDirectory(group);
        Path limit = group.resolve(own ? "memory.limit_in_bytes" : "memory.max");
        Files.writeString(limit, Long.toString(bytes));
        return new MemoryLimit(group);
    }

    /** Takes in a process, and with it all that it starts from now on. */
    void takeIn(long pid) throws IOException {
        Files.write(group.resolve("cgroup.procs"), List.of(Long.toString(pid)));
    }

    /** Once its processes have ended. */
    @Override
    public void close() throws IOException {
        Files.delete(group);
    }
}
