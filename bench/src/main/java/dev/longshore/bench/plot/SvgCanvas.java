package dev.longshore.bench.plot;

/// Draws SVG text.
final class SvgCanvas implements Canvas {
  private final StringBuilder text = new StringBuilder();

  SvgCanvas(int width, int height) {
    text.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" \
        font-family="sans-serif" font-size="12">
        """
            .formatted(width, height));
    rectangle(0, 0, width, height, Colour.WHITE);
  }

  @Override
  public void rectangle(int x, int y, int width, int height, Colour colour) {
    text.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n"
            .formatted(x, y, width, height, colour.rgb()));
  }

  @Override
  public void text(int x, int y, Anchor anchor, Weight weight, String line) {
    text.append("<text x=\"%d\" y=\"%d\"".formatted(x, y));
    text.append(
        switch (anchor) {
          case START -> "";
          case END -> " text-anchor=\"end\"";
        });
    text.append(
        switch (weight) {
          case TITLE -> " font-size=\"16\" font-weight=\"bold\"";
          case NORMAL -> "";
        });
    text.append('>').append(escaped(line)).append("</text>\n");
  }

  String document() {
    return text + "</svg>\n";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
