/// Bar charts as SVG text.
package dev.longshore.bench.plot;
