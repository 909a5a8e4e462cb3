/** How a process start becomes a registered unit, and how its end is reported. */
@NullMarked
package dev.lepton.client.registration;

import org.jspecify.annotations.NullMarked;
