package dev.lepton.registry.policy;

import dev.lepton.client.policy.StoredPolicy;
import java.util.List;

/**
 * Some of the versions of a service's policy, the newest first.
 *
 * @param total how many there are on all pages
 */
record PolicyPage(List<StoredPolicy> versions, int page, int size, long total) {}
