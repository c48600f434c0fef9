import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/// Lifts the classes of a jar to class file version 52, with stack maps.
///
/// The JVM keeps no class below version 50 in its AOT cache and verifies it the old, slow way; that
/// is most of the start of a command line made with such a library. Argument: the jar, which is
/// replaced.
class LiftClasses {
  private static final int LIFTED = ClassFile.JAVA_8_VERSION;

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    Path lifted = jar.resolveSibling(jar.getFileName() + ".lifted");
    try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
        var in = new JarFile(jar.toFile());
        OutputStream file = Files.newOutputStream(lifted);
        var out = new JarOutputStream(file)) {
      ClassHierarchyResolver types =
          ClassHierarchyResolver.ofClassLoading(loader)
              .orElse(ClassHierarchyResolver.defaultResolver());
      ClassFile classes =
          ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS, ClassHierarchyResolverOption.of(types));
      for (JarEntry entry : List.copyOf(in.stream().toList())) {
        byte[] bytes;
        try (InputStream content = in.getInputStream(entry)) {
          bytes = content.readAllBytes();
        }
        out.putNextEntry(new JarEntry(entry.getName()));
        out.write(entry.getName().endsWith(".class") ? lift(classes, bytes) : bytes);
        out.closeEntry();
      }
    }
    Files.move(lifted, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] lift(ClassFile classes, byte[] bytes) {
    ClassModel old = classes.parse(bytes);
    return old.majorVersion() < LIFTED ? classes.transformClass(old, LiftClasses::lift) : bytes;
  }

  private static void lift(ClassBuilder builder, ClassElement element) {
    switch (element) {
      case ClassFileVersion _ -> builder.withVersion(LIFTED, 0);
      // Rebuilding the code makes its stack maps.
      case MethodModel method when method.code().isPresent() ->
          builder.transformMethod(
              method, MethodTransform.transformingCode((code, each) -> code.with(each)));
      default -> builder.with(element);
    }
  }
}
