package dev.lepton.platform.faults;

import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.UnitStatus;
import java.io.IOException;
import java.util.List;

/** The workers of a platform as its supervisor shows them. */
final class Workers {

    private Workers() {}

    static List<UnitStatus> of(Platform platform) throws IOException {
        return platform.units().stream().filter(u -> u.service().equals("worker")).toList();
    }

    static List<Long> pids(Platform platform) throws IOException {
        return of(platform).stream().map(UnitStatus::livePid).toList();
    }
}
