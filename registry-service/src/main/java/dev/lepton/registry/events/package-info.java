/** {@code GET /v1/events}: the change log in pages, for people. */
@NullMarked
package dev.lepton.registry.events;

import org.jspecify.annotations.NullMarked;
