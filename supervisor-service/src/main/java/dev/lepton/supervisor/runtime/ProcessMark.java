package dev.lepton.supervisor.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What tells a process from every other one, also from a later one with the same pid.
 *
 * @param startInstant when it started, by the wall clock; shifts when the clock is set
 * @param bootId of the kernel's boot, null without /proc
 * @param startTicks when it started, in clock ticks since the boot, null without /proc; does not
 *     shift
 */
public record ProcessMark(
        long pid, Instant startInstant, @Nullable String bootId, @Nullable Long startTicks)
        implements RunMark {

    @Override
    public String words() {
        return "pid " + pid;
    }

    public static ProcessMark ofThisProcess() {
        return ProcessTable.ofThisMachine().mark(ProcessHandle.current());
    }
}
