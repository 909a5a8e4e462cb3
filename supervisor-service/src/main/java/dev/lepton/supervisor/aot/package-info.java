/** The JVM's ahead-of-time caches, which make the next start of a service a short one. */
@NullMarked
package dev.lepton.supervisor.aot;

import org.jspecify.annotations.NullMarked;
