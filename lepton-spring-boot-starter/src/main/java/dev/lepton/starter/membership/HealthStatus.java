package dev.lepton.starter.membership;

import java.util.Map;

/** What the unit says about its health, told from memory without blocking. */
@FunctionalInterface
public interface HealthStatus {

    /** Status by health group, such as {@code readiness: UP}; empty when nothing is known. */
    Map<String, String> byGroup();
}
