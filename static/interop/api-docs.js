// Draws the API's schema as pages. Nothing is asked of other hosts.
"use strict";
(function () {
  const place = document.getElementById("docs");
  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.schema,
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    docExpansion: "list",
    displayRequestDuration: true,
    validatorUrl: null,
    tryItOutEnabled: false,
  });
})();
