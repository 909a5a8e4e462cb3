package dev.lepton.supervisor.declaration;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Which containers are the units of this node.
 *
 * @param url where the container engine answers, {@code unix:///var/run/docker.sock} or {@code
 *     tcp://engine:2375}
 * @param project the Compose project that they belong to; null for that of the supervisor's own
 *     container, or for any when it is in none
 */
public record EngineChoice(URI url, @Nullable String project) {

    public static final URI ORDINARY_URL = URI.create("unix:///var/run/docker.sock");
}
