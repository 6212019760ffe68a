/**
 * ECR repositories of container images, one for each service: tags that never change, a scan of every image pushed, encryption with
 * the customer's key, and no more images than are kept to roll back to.
 *
 * @module
 */
export {
  ImageRepositories,
  type ImageRepositoriesConfig,
  repositoryName,
  repositoryUrl,
} from "./image-repositories";
