//! What follows from a framework for whoever plans a change with it.

use super::manifests::ManifestDependency;

/// Most lines given: more would drown the facts of the repository itself.
const LINES: usize = 6;

/// A line for each framework among `dependencies`, in the order of the table, at most six.
pub(super) fn consequences(dependencies: &[ManifestDependency]) -> Vec<String> {
    let named = |name: &str| dependencies.iter().any(|known| known.name == name);
    let rows = TABLE.iter().filter(|(name, _)| named(name));
    rows.take(LINES)
        .map(|(_, line)| (*line).to_owned())
        .collect()
}

/// Frameworks that shape code most come first.
const TABLE: &[(&str, &str)] = &[
    (
        "axum",
        "axum: handlers are async functions of extractors; shared state comes through `State<T>`; errors become answers through `IntoResponse`",
    ),
    (
        "actix-web",
        "Actix Web: handlers take extractors; shared state is `web::Data<T>`; errors implement `ResponseError`",
    ),
    (
        "rocket",
        "Rocket: routes are attributes on functions and are mounted at the start; guards check requests",
    ),
    (
        "tonic",
        "tonic: messages and services come from .proto files; change those first, then the generated traits' implementations",
    ),
    (
        "bevy",
        "Bevy: behaviour lies in systems over components and resources, added to the App by plugins",
    ),
    (
        "sqlx",
        "sqlx: checked queries need the database or prepared metadata at build time; schema changes are migrations",
    ),
    (
        "diesel",
        "Diesel: the schema module is generated from migrations; change the migration first",
    ),
    (
        "tokio",
        "tokio: nothing may block inside async functions; blocking work goes to `spawn_blocking`",
    ),
    (
        "django",
        "Django: a changed model needs a migration; views, urls and settings are separate places",
    ),
    (
        "djangorestframework",
        "Django REST framework: input and output shapes are serializers, permissions are classes on views",
    ),
    (
        "fastapi",
        "FastAPI: input and output shapes are Pydantic models; shared things come through `Depends`",
    ),
    (
        "flask",
        "Flask: routes belong to blueprints; what belongs to a request lives in its context",
    ),
    (
        "celery",
        "Celery: arguments of tasks must serialise, and a task may run twice",
    ),
    (
        "sqlalchemy",
        "SQLAlchemy: a session is one unit of work; schema changes are migrations",
    ),
    (
        "pydantic",
        "Pydantic: version 1 and 2 differ in validators and configuration; use the one that is pinned",
    ),
    (
        "torch",
        "PyTorch: tensors that meet must share device and type; layers belong to `nn.Module`",
    ),
    (
        "next",
        "Next.js: files under `app` or `pages` are routes; server and client components may not mix their imports",
    ),
    (
        "nuxt",
        "Nuxt: pages, composables and components are found by their folders",
    ),
    (
        "@nestjs/core",
        "NestJS: providers are registered in modules and injected by constructor",
    ),
    (
        "@angular/core",
        "Angular: services are injected; changes to shared inputs go through components' decorators or signals",
    ),
    (
        "react",
        "React: state is never mutated; hooks run unconditionally, at the top of components",
    ),
    (
        "vue",
        "Vue: state must be reactive (`ref`, `reactive`, `computed`); props are never written",
    ),
    (
        "svelte",
        "Svelte: reactivity is compiled, so its rules depend on the major version",
    ),
    (
        "express",
        "Express: order of middleware matters; errors of async handlers must reach `next` before version 5",
    ),
    (
        "fastify",
        "Fastify: routes declare schemas for input and output; plugins have their own scope",
    ),
    (
        "@prisma/client",
        "Prisma: the client is generated from schema.prisma; change that and add a migration",
    ),
    (
        "electron",
        "Electron: main and renderer are separate processes that speak through preload and IPC",
    ),
    (
        "redux",
        "Redux: reducers are pure; side effects belong to middleware",
    ),
    (
        "github.com/gin-gonic/gin",
        "Gin: handlers take `*gin.Context`, which must be copied before it is used in a goroutine",
    ),
    (
        "google.golang.org/grpc",
        "gRPC: messages and services come from .proto files; change those and regenerate",
    ),
    (
        "sigs.k8s.io/controller-runtime",
        "Kubernetes controllers: reconcilers must be idempotent; API types need generated code and manifests",
    ),
    (
        "github.com/spf13/cobra",
        "Cobra: each command is a `cobra.Command` added to its parent; flags are declared beside it",
    ),
    (
        "gorm.io/gorm",
        "GORM: pass the context with `WithContext`; schema changes are migrations of models",
    ),
    (
        "org.springframework.boot:spring-boot-starter-web",
        "Spring Boot: beans are injected by constructor; controllers stay thin; settings bind to typed properties",
    ),
    (
        "org.springframework.boot:spring-boot-starter",
        "Spring Boot: beans are injected by constructor; settings bind to typed properties",
    ),
    (
        "io.quarkus:quarkus-core",
        "Quarkus: injection is resolved at build time, so reflection must be registered",
    ),
    (
        "androidx.core:core-ktx",
        "Android: work off the main thread; what must outlive a screen belongs to a ViewModel",
    ),
    (
        "rails",
        "Rails: names decide where things are found; schema changes are migrations",
    ),
    (
        "sidekiq",
        "Sidekiq: arguments of jobs must be plain JSON, and a job may run twice",
    ),
    (
        "laravel/framework",
        "Laravel: services are bound in providers; schema changes are migrations; input is checked by form requests",
    ),
    (
        "symfony/framework-bundle",
        "Symfony: services are autowired by type; settings lie in config/packages",
    ),
    ("doctrine/orm", "Doctrine: mapping changes need a migration"),
    (
        "Microsoft.EntityFrameworkCore",
        "Entity Framework Core: model changes need a migration; a context serves one unit of work",
    ),
    (
        "Microsoft.AspNetCore.OpenApi",
        "ASP.NET Core: services are registered at the start with their lifetime; middleware order matters",
    ),
    (
        "phoenix",
        "Phoenix: contexts hold the logic, controllers and LiveViews stay thin; schema changes are Ecto migrations",
    ),
    (
        "Qt6",
        "Qt: objects belong to their parent; threads speak through queued signals",
    ),
    (
        "Qt5",
        "Qt: objects belong to their parent; threads speak through queued signals",
    ),
];
