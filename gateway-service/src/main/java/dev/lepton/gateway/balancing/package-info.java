/** Which of several units takes a request: pure decisions over loads. */
@NullMarked
package dev.lepton.gateway.balancing;

import org.jspecify.annotations.NullMarked;
