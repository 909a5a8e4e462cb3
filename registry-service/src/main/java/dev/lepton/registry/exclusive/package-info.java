/** Units of which no two processes may be at work at a time, wherever they are. */
@NullMarked
package dev.lepton.registry.exclusive;

import org.jspecify.annotations.NullMarked;
